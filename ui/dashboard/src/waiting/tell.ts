import { useLocalStorage } from '@mantine/hooks';

/** How this browser tells of somebody who begins to wait. */
export interface Ways {
  sound: boolean;
  desktop: boolean;
}

export const useWays = () =>
  useLocalStorage<Ways>({ key: 'parley.waiting', defaultValue: { sound: false, desktop: false } });

/** Asks the person to allow notifications; false where that is refused or the browser has none. */
export async function allowNotifications(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted';
}

/** Shows a notification; one with the same tag takes the place of the one before. */
export function notifyDesktop(title: string, tag: string, onOpen: () => void) {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(title, { tag });
  shown.onclick = () => {
    window.focus();
    onOpen();
    shown.close();
  };
}

// Two soft tones, a fourth apart.
const tones = [587, 784];
const toneSeconds = 0.16;

/** Plays a short sound; browsers keep silent until the person has touched the page. */
export function playSound() {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.gain.value = 0.08;
  volume.connect(context.destination);
  tones.forEach((frequency, i) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start(context.currentTime + i * toneSeconds);
    tone.stop(context.currentTime + (i + 1) * toneSeconds);
    if (i === tones.length - 1) tone.onended = () => void context.close();
  });
}
