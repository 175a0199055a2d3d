import { ActionIcon, Button, Group, Text, Textarea } from '@mantine/core';
import { IconLock, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Note } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useConfirm } from '@/parts/Confirm';
import { RelativeTime } from '@/parts/RelativeTime';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Card } from './Card';
import classes from './Notes.module.css';
import { useNotes } from './useMarks';

const t = text.desk.notes;

/** What members wrote about a conversation for each other, apart from what was said in it. */
export function NotesCard({ id }: { id: string }) {
  const notes = useNotes(id);
  const may = useCan('conversations:write');
  const list = notes.query.data?.data;
  return (
    <Card title={t.title} action={<IconLock size={15} stroke={1.8} className={classes.lock} aria-hidden />}>
      <Text size="xs" c="dimmed" mb="xs">
        {t.help}
      </Text>
      {notes.query.isError && !list && (
        <Text size="sm" c="var(--p-danger)">
          {t.failed}
        </Text>
      )}
      {list && list.length > 0 && (
        <ol className={classes.notes} aria-label={t.title}>
          {list.map((note) => (
            <Item key={note.id} note={note} state={notes} />
          ))}
        </ol>
      )}
      {list?.length === 0 && !may && <Text size="sm">{t.none}</Text>}
      {may && <Editor onSave={(words) => notes.add.mutateAsync(words)} saving={notes.add.isPending} />}
    </Card>
  );
}

function Item({ note, state }: { note: Note; state: ReturnType<typeof useNotes> }) {
  const confirm = useConfirm();
  const [editing, setEditing] = useState(false);
  const short = note.text.length > 40 ? `${note.text.slice(0, 40)}…` : note.text;
  const remove = async () => {
    const question = { title: t.deleteTitle, body: t.deleteBody, action: t.delete, danger: true };
    if (await confirm(question)) state.remove.mutate(note.id);
  };
  return (
    <li className={classes.note}>
      <div className={classes.head}>
        <strong>{note.author.name}</strong>
        <RelativeTime at={note.created_at} className="tabular" />
        {note.edited_at && <span title={fullTime(note.edited_at)}>{t.edited}</span>}
        {note.own && !editing && (
          <span className={classes.tools}>
            <ActionIcon size="sm" aria-label={t.editOf(short)} title={t.edit} onClick={() => setEditing(true)}>
              <IconPencil size={14} stroke={1.8} />
            </ActionIcon>
            <ActionIcon size="sm" aria-label={t.deleteOf(short)} title={t.delete} onClick={() => void remove()}>
              <IconTrash size={14} stroke={1.8} />
            </ActionIcon>
          </span>
        )}
      </div>
      {editing ? (
        <Editor
          value={note.text}
          saving={state.edit.isPending}
          onSave={(words) => state.edit.mutateAsync({ note: note.id, text: words })}
          onClose={() => setEditing(false)}
        />
      ) : (
        <p className={classes.text}>{note.text}</p>
      )}
    </li>
  );
}

interface EditorProps {
  value?: string;
  saving: boolean;
  onSave: (text: string) => Promise<unknown>;
  /** Of a note that there is; else it is a new one. */
  onClose?: () => void;
}

function Editor({ value = '', saving, onSave, onClose }: EditorProps) {
  const [draft, setDraft] = useState(value);
  const words = draft.trim();
  const save = () => {
    if (!words || saving) return;
    onSave(words).then(
      () => {
        setDraft('');
        onClose?.();
      },
      () => undefined, // it was said, and the text stays
    );
  };
  return (
    <form
      className={classes.editor}
      onSubmit={(e) => {
        e.preventDefault();
        save();
      }}
    >
      <Textarea
        size="sm"
        autosize
        minRows={onClose ? 2 : 1}
        maxRows={8}
        maxLength={4000}
        data-autofocus={onClose !== undefined}
        aria-label={onClose ? t.editLabel : t.label}
        placeholder={t.placeholder}
        value={draft}
        onChange={(e) => setDraft(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.metaKey || e.ctrlKey)) save();
          if (e.key === 'Escape' && onClose) {
            e.stopPropagation();
            onClose();
          }
        }}
      />
      {(words !== '' || onClose) && (
        <Group justify="flex-end" gap={6} mt={6}>
          {onClose && (
            <Button size="compact-sm" variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
          )}
          <Button type="submit" size="compact-sm" loading={saving} disabled={words === ''}>
            {onClose ? text.common.save : t.add}
          </Button>
        </Group>
      )}
    </form>
  );
}
