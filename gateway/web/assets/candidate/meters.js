// How loud the microphone hears and how bright the camera sees. Both are looked at here and sent to nobody.

const EACH_MS = 200;
const PICTURE = [32, 24];
export const QUIET = 0.02,
  DARK = 50,
  BRIGHT = 215;

// Calls `onLevel` with 0 to 1 until the function that it gives is called.
export function heard(stream, onLevel) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(analyser);
  context.resume();
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    const squares = samples.reduce((sum, value) => sum + ((value - 128) / 128) ** 2, 0);
    onLevel(Math.min(1, 3 * Math.sqrt(squares / samples.length)));
  }, EACH_MS);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

// Likewise, with 0 (black) to 255.
export function seen(video, onLight) {
  const [width, height] = PICTURE;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  const timer = setInterval(() => {
    if (!video.videoWidth) return;
    drawing.drawImage(video, 0, 0, width, height);
    const { data } = drawing.getImageData(0, 0, width, height);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    onLight(sum / (width * height));
  }, EACH_MS);
  return () => clearInterval(timer);
}
