import { Select, type SelectProps } from '@mantine/core';
import { useMemo } from 'react';

/** Chooses an IANA time zone; its own list comes from the browser. */
export function TimeZoneSelect(props: Omit<SelectProps, 'data' | 'value'> & { value: string }) {
  const { value, ...rest } = props;
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone');
    const more = ['UTC', value].filter((zone) => zone && !known.includes(zone));
    return [...new Set([...more, ...known])].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
  }, [value]);
  return <Select searchable limit={60} data={zones} value={value || null} {...rest} />;
}
