// How good a recording may be, so that it goes up about as fast as it is made.

const SHARE = 0.7; // of what the line sends: the rest is for its worse moments
const STEPS = [
  { from: 700, width: 854, height: 480, frameRate: 25, audioBits: 32_000 },
  { from: 250, width: 640, height: 360, frameRate: 20, audioBits: 32_000 },
  { from: 92, width: 426, height: 240, frameRate: 15, audioBits: 32_000 },
  { from: 0, width: 320, height: 180, frameRate: 10, audioBits: 24_000 }, // speech in Opus and AAC stays clear
];
const LEAST_VIDEO_BITS = 36_000,
  MOST_VIDEO_BITS = 1_000_000;

// `speed`: what was measured, kbit/s; null where that failed: as slow as a bad line.
export function qualityFor(speed) {
  const kilobits = (speed ?? 300) * SHARE;
  const { width, height, frameRate, audioBits } = STEPS.find(({ from }) => kilobits >= from);
  const left = kilobits * 1000 - audioBits;
  const videoBits = Math.round(Math.min(MOST_VIDEO_BITS, Math.max(LEAST_VIDEO_BITS, left)));
  return { width, height, frameRate, videoBits, audioBits };
}
