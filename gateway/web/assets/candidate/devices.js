// Camera and microphone, and what a browser can make of them.

const TYPES = {
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4"],
};

// The first format of a kind (`video` or `audio`) that this browser records; undefined: none.
export function typeOf(kind) {
  return TYPES[kind].find((type) => window.MediaRecorder?.isTypeSupported(type));
}

export function canRecord(kind = "video") {
  return Boolean(navigator.mediaDevices?.getUserMedia && typeOf(kind));
}

// Opens the devices; `chosen` holds the ids of a camera and a microphone where somebody chose.
export function opened(kind, quality, chosen = {}) {
  const { width, height, frameRate } = quality;
  const video = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
  return navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, ...exactly(chosen.microphone) },
    video: kind === "video" && { ...video, facingMode: "user", ...exactly(chosen.camera) },
  });
}

export function closed(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

// Cameras and microphones by name; browsers tell the names only while one is open.
export async function listed() {
  const found = await navigator.mediaDevices.enumerateDevices();
  const of = (kind) => found.filter((device) => device.kind === kind && device.deviceId);
  return { camera: of("videoinput"), microphone: of("audioinput") };
}

// Which text says why the devices did not open.
export function reason(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "devices.not_allowed";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "devices.not_found";
  return "devices.busy";
}

function exactly(deviceId) {
  return deviceId ? { deviceId: { exact: deviceId } } : {};
}
