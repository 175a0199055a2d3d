import {
  IconAlertCircle,
  IconBan,
  IconCheck,
  IconChecks,
  IconClock,
  IconHelpCircle,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { Delivery } from '@/api/types';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const icons: Record<Delivery, typeof IconCheck> = {
  queued: IconClock,
  sending: IconClock,
  unknown: IconHelpCircle,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  played: IconPlayerPlay,
  failed: IconAlertCircle,
  canceled: IconBan,
};

/** How far an outbound message has come. */
export function DeliveryTick({ delivery }: { delivery: Delivery }) {
  const Icon = icons[delivery];
  const name = text.conversations.message.delivery[delivery];
  return (
    <span className={classes.tick} data-delivery={delivery} title={name}>
      <Icon size={15} stroke={2} aria-hidden />
      <span className="sr-only">{name}</span>
    </span>
  );
}
