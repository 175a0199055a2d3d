import { Anchor, Switch } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useCan } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { useProviders } from '../queries';
import { Section } from '../Section';
import { builtinModel, builtinProvider } from '../types';
import type { Draft } from '../useDraft';
import { ModelFields } from './ModelFields';

const t = text.assistants.model;

/** Who writes the answers, and who does when that fails. */
export function ModelTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const providers = useProviders();
  const mayConnect = useCan('settings:write');
  const list = providers.data ?? [];
  const { fallback } = config;
  const first = list[0];
  const startFallback = () =>
    patch({
      fallback:
        first && config.model.provider_id === builtinProvider
          ? { provider_id: first.id, model: first.models[0] ?? '' }
          : { provider_id: builtinProvider, model: builtinModel },
    });

  return (
    <>
      {providers.data && list.length === 0 && (
        <Notice tone="accent" icon={<IconPlugConnected size={18} />}>
          {t.noProviders}{' '}
          {mayConnect && (
            <Anchor component={Link} to="/settings/models" size="sm" underline="always">
              {t.connect}
            </Anchor>
          )}
        </Notice>
      )}
      <Section title={t.title} note={t.help} panel>
        <ModelFields
          value={config.model}
          onChange={(model) => patch({ model })}
          providers={list}
          problems={problems}
          path="model"
          readOnly={readOnly}
        />
      </Section>
      <Section title={t.fallback} note={t.fallbackHelp} panel>
        <Switch
          label={t.fallbackOn}
          checked={Boolean(fallback)}
          disabled={readOnly}
          onChange={(event) => (event.currentTarget.checked ? startFallback() : patch({ fallback: undefined }))}
        />
        {fallback && (
          <div style={{ marginTop: 18 }}>
            <ModelFields
              value={fallback}
              onChange={(next) => patch({ fallback: next })}
              providers={list}
              problems={problems}
              path="fallback"
              readOnly={readOnly}
            />
          </div>
        )}
      </Section>
    </>
  );
}
