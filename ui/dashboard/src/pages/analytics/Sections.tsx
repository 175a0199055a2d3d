import { Button } from '@mantine/core';
import { IconChartBar, IconCoins, IconMessageQuestion } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text } from '@/text/en';

const sections = [
  { to: '/analytics', label: text.analytics.sections.numbers, icon: IconChartBar },
  { to: '/analytics/topics', label: text.analytics.sections.topics, icon: IconMessageQuestion },
  { to: '/analytics/costs', label: text.analytics.sections.costs, icon: IconCoins },
] as const;

interface Props {
  current: (typeof sections)[number]['to'];
  /** The filters and the period of the page, which the others take over. */
  search: string;
}

/** The pages of analytics, for the header of each. */
export function Sections({ current, search }: Props) {
  return (
    <Button.Group component="nav" aria-label={text.analytics.sections.label}>
      {sections.map(({ to, label, icon: Icon }) => (
        <Button
          key={to}
          component={Link}
          to={{ pathname: to, search }}
          variant={to === current ? 'light' : 'default'}
          aria-current={to === current ? 'page' : undefined}
          leftSection={<Icon size={16} aria-hidden />}
        >
          {label}
        </Button>
      ))}
    </Button.Group>
  );
}
