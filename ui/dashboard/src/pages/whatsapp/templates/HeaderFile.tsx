import { ActionIcon, Button, FileButton, Group, Input } from '@mantine/core';
import { IconUpload, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef } from 'react';
import { send } from '@/api/client';
import type { Attachment } from '@/api/types';
import { text } from '@/text/en';

const t = text.whatsapp.templates.file;
const largest = 10 * 1024 * 1024;

interface Props {
  label: string;
  description?: string;
  /** The types of file that are offered. */
  accept?: string;
  file: Attachment | null;
  error?: string;
  onChange: (file: Attachment | null) => void;
}

/** The file that is the header of a template: chosen, uploaded, and named. */
export function HeaderFile({ label, description, accept, file, error, onChange }: Props) {
  const id = useId();
  const reset = useRef<() => void>(null);
  const upload = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > largest) throw new Error(t.tooBig(chosen.name));
      const form = new FormData();
      form.append('file', chosen);
      return (await (await send('POST', '/api/v1/attachments', { body: form })).json()) as Attachment;
    },
    meta: { quiet: true }, // the field says it
    onSuccess: onChange,
  });
  const problem = upload.error?.message ?? error;
  return (
    <Input.Wrapper id={id} label={label} description={description} error={problem} labelElement="div">
      <Group gap="xs" mt={6}>
        <FileButton accept={accept} resetRef={reset} onChange={(chosen) => chosen && upload.mutate(chosen)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              leftSection={<IconUpload size={16} />}
              loading={upload.isPending}
              aria-invalid={Boolean(problem)}
              aria-describedby={problem ? `${id}-error` : undefined}
            >
              {file ? t.another : t.choose}
            </Button>
          )}
        </FileButton>
        {file && (
          <>
            <span>{file.name}</span>
            <ActionIcon
              aria-label={t.remove(file.name)}
              onClick={() => {
                reset.current?.();
                onChange(null);
              }}
            >
              <IconX size={15} />
            </ActionIcon>
          </>
        )}
      </Group>
    </Input.Wrapper>
  );
}
