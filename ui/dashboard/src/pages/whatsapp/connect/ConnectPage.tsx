import { Anchor, Button, Group, List, Stack, Stepper, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Sender } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';
import panel from '../../settings/Panel.module.css';
import { Hook } from '../Hook';
import { TestConnection } from '../TestConnection';
import classes from './ConnectPage.module.css';
import { AnswerFields, AppFields, NumberFields } from './fields';
import { checksOf, stepOf, steps, trialOf, valuesOf } from './senderValues';
import { useSaveSender } from './useSaveSender';

const t = text.whatsapp.form;

/** Connects a number, a step at a time, and says at the end what to tell Meta. */
export function ConnectPage() {
  const may = useCan('settings:write');
  const [saved, setSaved] = useState<Sender | null>(null);
  return (
    <PageBody width="text">
      <Anchor component={Link} to="/whatsapp" size="sm">
        <IconArrowLeft size={14} stroke={2} style={{ verticalAlign: '-2px' }} aria-hidden /> {text.whatsapp.sender.back}
      </Anchor>
      <PageHeader title={saved ? t.connected(saved.name) : t.connectTitle} tab={t.connectTitle} />
      {!may ? <Notice tone="warn">{t.mayNot}</Notice> : saved ? <Saved sender={saved} /> : <Steps onSaved={setSaved} />}
    </PageBody>
  );
}

function Steps({ onSaved }: { onSaved: (sender: Sender) => void }) {
  const [at, setAt] = useState(0);
  const form = useForm({ initialValues: valuesOf(), validate: checksOf() });
  const save = useSaveSender({
    onSaved,
    onFields: (errors) => {
      form.setErrors(errors);
      const step = stepOf(Object.keys(errors));
      if (step >= 0) setAt(step);
    },
  });
  // The heading of the step is read out and the keyboard goes on from there.
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = true;
  }, [at]);

  const step = steps[at]!;
  const last = at === steps.length - 1;
  const faulty = (i: number) => steps[i]!.fields.some((f) => form.errors[f]);
  const next = () => {
    const { errors } = form.validate();
    const here = Object.fromEntries(Object.entries(errors).filter(([f]) => stepOf([f]) <= at));
    form.setErrors(here);
    if (Object.keys(here).length > 0) return setAt(stepOf(Object.keys(here)));
    if (last) save.mutate(form.values);
    else setAt(at + 1);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <Stack gap="lg">
        <Stepper active={at} onStepClick={setAt} allowNextStepsSelect={false} size="xs" className={classes.steps}>
          {steps.map((s, i) => (
            <Stepper.Step key={s.id} label={t.steps[s.id]} color={faulty(i) ? 'red' : undefined} />
          ))}
        </Stepper>
        {save.error && (
          <Notice tone="danger" title={t.failed}>
            {save.error.message}
          </Notice>
        )}
        <section className={`${panel.panel} ${panel.padded}`}>
          <Title order={2} mb="md" ref={heading} tabIndex={-1} className={classes.heading}>
            {t.stepTitles[step.id]}
          </Title>
          {step.id === 'need' && <Need />}
          {step.id === 'number' && <NumberFields form={form} />}
          {step.id === 'app' && <AppFields form={form} />}
          {step.id === 'answer' && (
            <Stack gap="lg">
              <AnswerFields form={form} />
              <TestConnection settings={trialOf(form.values)} />
            </Stack>
          )}
        </section>
        <Group justify="space-between" gap="xs">
          {at === 0 ? (
            <Button variant="default" component={Link} to="/whatsapp">
              {text.common.cancel}
            </Button>
          ) : (
            <Button variant="default" onClick={() => setAt(at - 1)}>
              {t.back}
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            {last ? t.save : t.next}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Need() {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t.needIntro}
      </Text>
      <List size="sm" spacing="sm">
        {t.need.map(({ what, where }) => (
          <List.Item key={what}>
            <strong>{what}</strong>
            <br />
            <span className={classes.where}>{where}</span>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Saved({ sender }: { sender: Sender }) {
  const navigate = useNavigate();
  return (
    <>
      <section className={`${panel.panel} ${panel.padded}`}>
        <Hook sender={sender} />
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <TestConnection settings={{ id: sender.id }} />
      </section>
      <Group justify="flex-end">
        <Button onClick={() => void navigate(`/whatsapp/${sender.id}`)}>{t.done}</Button>
      </Group>
    </>
  );
}
