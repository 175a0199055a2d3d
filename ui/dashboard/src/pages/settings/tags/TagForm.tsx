import { Button, ColorSwatch, Group, Input, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { UsedTag } from '@/api/types';
import { TagMark } from '@/desk/TagMark';
import { nextColor, tagColors } from '@/desk/colors';
import { useSaveTag, useTags } from '@/desk/queries';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import classes from './TagForm.module.css';

const t = text.desk.tagSettings;

/** Names a tag and gives it a colour; without one, it is a new one. */
export function TagForm({ tag, onClose }: { tag?: UsedTag; onClose: () => void }) {
  const used = useTags().data?.data.map((other) => other.color) ?? [];
  const [name, setName] = useState(tag?.name ?? '');
  const [color, setColor] = useState(tag?.color ?? nextColor(used));
  const [asked, setAsked] = useState(false);
  const save = useSaveTag(tag?.id);
  const bad = name.trim() === '';
  const colors = tagColors.some((c) => c === color) ? tagColors : [...tagColors, color];
  return (
    <Modal opened onClose={onClose} title={tag ? t.editTitle : t.createTitle}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!bad) save.mutate({ name: name.trim(), color }, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          <TextInput
            label={t.name}
            value={name}
            maxLength={40}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked && bad ? t.problem : undefined}
          />
          <Radio.Group label={t.color} value={color} onChange={setColor}>
            <Group gap={6} mt={6}>
              {colors.map((c, i) => (
                <Radio.Card key={c} value={c} className={classes.color} aria-label={t.colorOf(i + 1)}>
                  <ColorSwatch color={c} size={22} component="span" withShadow={false} />
                </Radio.Card>
              ))}
            </Group>
          </Radio.Group>
          {!bad && (
            <Input.Wrapper>
              <TagMark tag={{ name: name.trim(), color }} />
            </Input.Wrapper>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {tag ? text.common.save : t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
