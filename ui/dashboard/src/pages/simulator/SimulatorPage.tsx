import { Select } from '@mantine/core';
import { IconDeviceMobileOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { Flags } from '@/parts/Flags';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { useSimulator } from '../whatsapp/queries';
import { Controls } from './Controls';
import { PhoneScreen } from './PhoneScreen';
import classes from './Simulator.module.css';
import { useEvents, useSimulatorState } from './control';

const t = text.simulator;

/** The phones of made-up people, beside what can go wrong between them and Parley. */
export default function SimulatorPage() {
  const available = useSimulator();
  const has = available.data?.available === true;
  const state = useSimulatorState(has);
  useEvents(has);
  const [params, setParams] = useSearchParams();
  const [number, setNumber] = useState('');
  if (available.isPending || (has && state.isPending)) return <PageLoading />;
  const failed = available.error ?? state.error;
  if (failed)
    return (
      <ErrorState
        error={failed}
        title={t.failed}
        onRetry={() => void (available.error ? available : state).refetch()}
        fullPage
      />
    );
  if (!has || !state.data) {
    return (
      <PageBody>
        <EmptyState icon={IconDeviceMobileOff} title={t.missingTitle} order={1}>
          <Flags>{t.missingBody}</Flags>
        </EmptyState>
      </PageBody>
    );
  }
  const s = state.data;
  const phone = s.phones.find((p) => p.id === params.get('phone')) ?? s.phones[0];
  const business = s.numbers.find((n) => n.id === number) ?? s.numbers[0];
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.note} />
      <div className={classes.page}>
        <nav className={classes.phones} aria-label={t.phones}>
          {s.numbers.length > 1 && business && (
            <Select
              size="xs"
              label={t.business}
              data={s.numbers.map((n) => ({ value: n.id, label: n.verified_name }))}
              value={business.id}
              onChange={(v) => v && setNumber(v)}
              allowDeselect={false}
            />
          )}
          <ul>
            {s.phones.map((p) => (
              <li key={p.id}>
                <button
                  type="button"
                  aria-current={p.id === phone?.id || undefined}
                  onClick={() => setParams({ phone: p.id }, { replace: true })}
                >
                  <strong>{p.name || t.noName}</strong>
                  <span className="tabular">+{p.phone}</span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
        {phone && business && <PhoneScreen key={phone.id} phone={phone} number={business} />}
        {phone && business && <Controls state={s} number={business} phone={phone} />}
      </div>
    </PageBody>
  );
}
