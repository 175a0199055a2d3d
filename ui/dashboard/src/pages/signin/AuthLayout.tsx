import { Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Brand } from '@/shell/Brand';
import { text } from '@/text/en';
import classes from './AuthLayout.module.css';

interface Props {
  title: string;
  note?: ReactNode;
  children: ReactNode;
}

/** What surrounds the pages that come before signing in. */
export function AuthLayout({ title, note, children }: Props) {
  useDocumentTitle(`${title} · ${text.product}`);
  return (
    <div className={classes.page}>
      <aside className={classes.scene} aria-hidden>
        <div className={classes.talk}>
          {text.access.scene.map((line, i) => (
            <p key={line} className={classes.bubble} data-side={i % 2 === 0 ? 'in' : 'out'}>
              {line}
            </p>
          ))}
        </div>
        <p className={classes.tagline}>{text.access.tagline}</p>
      </aside>
      <main className={classes.main}>
        <div className={classes.card}>
          <div className={classes.brand}>
            <Brand size={30} />
            <span>{text.product}</span>
          </div>
          <Stack gap={4} mb="lg">
            <Title order={1}>{title}</Title>
            {note && (
              <Text c="dimmed" size="sm" component="div">
                {note}
              </Text>
            )}
          </Stack>
          {children}
        </div>
      </main>
    </div>
  );
}
