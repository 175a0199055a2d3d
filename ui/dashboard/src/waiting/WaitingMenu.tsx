import { Menu } from '@mantine/core';
import { IconBell, IconCheck, IconVolume } from '@tabler/icons-react';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { type Ways, allowNotifications, playSound, useWays } from './tell';

const t = text.waiting;

/** The items of a menu that choose how this browser tells of those who wait. */
export function WaitingMenu() {
  const [ways, setWays] = useWays();
  const choose = async (way: keyof Ways) => {
    const on = !ways[way];
    if (on && way === 'desktop' && !(await allowNotifications())) {
      notifyError(new Error(t.refused));
      return;
    }
    if (on && way === 'sound') playSound();
    setWays({ ...ways, [way]: on });
  };
  const item = (way: keyof Ways, Icon: typeof IconBell) => (
    <Menu.Item
      closeMenuOnClick={false}
      leftSection={<Icon size={16} />}
      rightSection={ways[way] ? <IconCheck size={15} /> : null}
      onClick={() => void choose(way)}
    >
      {t[way]}
      {ways[way] && <span className="sr-only"> ({t.on})</span>}
    </Menu.Item>
  );
  return (
    <>
      <Menu.Label>{t.tell}</Menu.Label>
      {item('sound', IconVolume)}
      {item('desktop', IconBell)}
    </>
  );
}
