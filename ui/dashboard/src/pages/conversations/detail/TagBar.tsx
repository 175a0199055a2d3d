import { Combobox, useCombobox } from '@mantine/core';
import { IconPlus, IconTag, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { TagMark } from '@/desk/TagMark';
import { nextColor } from '@/desk/colors';
import { useSaveTag, useTags } from '@/desk/queries';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import classes from './TagBar.module.css';
import type { Marks } from './useMarks';

const t = text.desk.tags;

/** The tags of a conversation, each with a way to take it off, and where one is put on. */
export function TagBar({ conversation: c, marks }: { conversation: Conversation; marks: Marks }) {
  const may = useCan('conversations:write');
  if (!may && c.tags.length === 0) return null;
  return (
    <div className={classes.bar} role="group" aria-label={t.title}>
      {c.tags.map((tag) => (
        <TagMark key={tag.id} tag={tag}>
          {may && (
            <button type="button" aria-label={t.takeOff(tag.name)} onClick={() => marks.takeTag.mutate(tag.id)}>
              <IconX size={12} stroke={2} aria-hidden />
            </button>
          )}
        </TagMark>
      ))}
      {may && <AddTag conversation={c} marks={marks} />}
    </div>
  );
}

// A tag is found by a part of its name; a name that there is not yet makes one.
function AddTag({ conversation: c, marks }: { conversation: Conversation; marks: Marks }) {
  const combobox = useCombobox({
    onDropdownClose: () => {
      setFind('');
      combobox.resetSelectedOption();
      combobox.focusTarget();
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const tags = useTags().data?.data ?? [];
  const create = useSaveTag();
  const [find, setFind] = useState('');
  // Enter takes the first one that is shown.
  const { selectFirstOption } = combobox;
  useEffect(() => {
    if (find !== '') selectFirstOption();
  }, [find, selectFirstOption]);
  const name = find.trim().replace(/\s+/g, ' ');
  const left = tags.filter((tag) => !c.tags.some((has) => has.id === tag.id));
  const shown = left.filter((tag) => tag.name.toLowerCase().includes(name.toLowerCase()));
  const exists = tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase());
  const choose = (value: string) => {
    combobox.closeDropdown();
    if (value !== '') {
      marks.putTag.mutate(value);
      return;
    }
    const color = nextColor(tags.map((tag) => tag.color));
    create.mutate({ name, color }, { onSuccess: (tag) => marks.putTag.mutate(tag.id), onError: notifyError });
  };
  return (
    <Combobox store={combobox} width={250} position="bottom-start" shadow="md" onOptionSubmit={choose}>
      <Combobox.Target withAriaAttributes={false}>
        <button
          type="button"
          className={classes.add}
          aria-label={t.add}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {c.tags.length > 0 ? (
            <IconPlus size={14} stroke={2} aria-hidden />
          ) : (
            <>
              <IconTag size={13} stroke={1.8} aria-hidden />
              {t.add}
            </>
          )}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={find}
          maxLength={40}
          aria-label={t.findOrMake}
          placeholder={t.findOrMake}
          onChange={(e) => setFind(e.currentTarget.value)}
          onKeyDown={(e) => e.key === 'Escape' && e.stopPropagation()}
        />
        <Combobox.Options className={classes.options} aria-label={t.title}>
          {shown.map((tag) => (
            <Combobox.Option key={tag.id} value={tag.id}>
              <TagMark tag={tag} />
            </Combobox.Option>
          ))}
          {name !== '' && !exists && <Combobox.Option value="">{t.create(name)}</Combobox.Option>}
          {shown.length === 0 && (name === '' || exists) && (
            <Combobox.Empty>{tags.length === 0 ? t.noneYet : t.none}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
