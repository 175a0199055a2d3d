import { ActionIcon, Button, Group, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { VariableSchema } from '@/api/types';
import { text } from '@/text/en';
import { PresetField } from './PresetField';
import type { PresetValue } from './useTestChat';

const t = text.testchat;

export type PresetValues = Record<string, PresetValue>;

interface Props {
  variables: readonly VariableSchema[];
  values: PresetValues;
  onChange: (values: PresetValues) => void;
  /** Begins a conversation with them. */
  onStart: () => void;
}

/** The values of variables that the assistant still has. */
export function usablePresets(values: PresetValues, variables: readonly VariableSchema[]): PresetValues {
  const given = new Set(variables.filter((v) => v.source === 'pre_chat').map((v) => v.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => given.has(name)));
}

/** The variables that a test conversation begins with. */
export function Presets({ variables, values, onChange, onStart }: Props) {
  const [opened, panel] = useDisclosure(false);
  const given = variables.filter((v) => v.source === 'pre_chat');
  const count = Object.keys(values).length;
  const set = (name: string, value: PresetValue | undefined) => {
    const { [name]: _, ...rest } = values;
    onChange(value === undefined || value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <Popover
      opened={opened}
      onChange={panel.toggle}
      position="bottom-end"
      width={320}
      shadow="md"
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <ActionIcon
          size="lg"
          variant={count > 0 ? 'light' : 'subtle'}
          color={count > 0 ? 'harbour' : 'gray'}
          aria-label={count > 0 ? `${t.presets}, ${t.presetsCount(count)}` : t.presets}
          title={t.presets}
          onClick={panel.toggle}
        >
          <IconAdjustmentsHorizontal size={18} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div>
            <Text size="sm" fw={580}>
              {t.presets}
            </Text>
            <Text size="xs" c="dimmed">
              {given.length === 0 ? t.presetsNone : t.presetsHelp}
            </Text>
          </div>
          {given.map((variable) => (
            <PresetField
              key={variable.name}
              variable={variable}
              value={values[variable.name]}
              onChange={(value) => set(variable.name, value)}
            />
          ))}
          {given.length > 0 && (
            <Group justify="flex-end" gap="xs">
              <Button variant="subtle" size="compact-sm" disabled={count === 0} onClick={() => onChange({})}>
                {t.presetsClear}
              </Button>
              <Button
                size="compact-sm"
                onClick={() => {
                  panel.close();
                  onStart();
                }}
              >
                {t.presetsApply}
              </Button>
            </Group>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
