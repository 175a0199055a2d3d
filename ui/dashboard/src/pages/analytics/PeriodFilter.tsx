import dayjs from 'dayjs';
import { periodText } from '@/pages/conversations/filter/DateFilter';
import { RangePill } from '@/pages/conversations/filter/RangePill';
import { noFilters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { type Period, ranges } from './period';

const t = text.analytics.period;

interface Props {
  value: Period;
  onChange: (value: Period) => void;
  zone: string;
}

/** Which days are counted: a preset, or days of the workspace's time zone. */
export function PeriodFilter({ value, onChange, zone }: Props) {
  return (
    <RangePill
      label={t.label}
      said={value.range === 'custom' ? periodText({ ...noFilters, ...value, range: 'custom' }) : t[value.range]}
      presets={ranges.map((r) => ({ value: r, label: t[r] }))}
      range={value.range}
      days={[value.from || null, value.to || null]}
      maxDate={dayjs().add(1, 'day').format('YYYY-MM-DD')}
      help={t.help(zone)}
      onChange={onChange}
    />
  );
}
