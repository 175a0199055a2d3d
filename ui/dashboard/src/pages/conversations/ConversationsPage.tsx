import { useRef } from 'react';
import { PageHeader } from '@/parts/PageHeader';
import { ExportButton } from '@/pages/exports/ExportButton';
import { text } from '@/text/en';
import classes from './ConversationsPage.module.css';
import { List } from './List';
import { LiveBadge } from './LiveBadge';
import { Tiles } from './Tiles';
import { BulkBar } from './bulk/BulkBar';
import { SelectButton } from './bulk/SelectButton';
import { useChoice } from './bulk/useChoice';
import { useRunning } from './bulk/useBulk';
import { Detail } from './detail/Detail';
import { FilterBar } from './filter/FilterBar';
import { countFilters } from './filters';
import { contactName } from './names';
import { useFilters } from './useFilters';
import { useList } from './useList';
import { useListKeys } from './useListKeys';
import { Views } from './views/Views';

/** The list of conversations, and beside it the one that is open. */
export default function ConversationsPage() {
  const { id, filters, change, clear, linkTo, open } = useFilters();
  const scroller = useRef<HTMLDivElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const state = useList(filters, scroller);
  const close = () => open('');
  const ids = state.rows.map((r) => r.id);
  const choice = useChoice(ids, filters);
  useRunning();
  const ofContact = state.rows.find((r) => r.contact.id === filters.contact);
  useListKeys({
    ids,
    selected: id,
    open: (next) => open(next, true),
    close,
    choose: choice.toggle,
    scroller,
    searchInput,
  });
  return (
    <div className={classes.page} data-split={id !== '' || undefined}>
      <section className={classes.side} aria-label={text.conversations.list.label}>
        <PageHeader
          title={text.conversations.title}
          actions={
            <>
              <LiveBadge />
              <SelectButton choice={choice} />
              <ExportButton filters={filters} />
            </>
          }
        />
        {id === '' && <Tiles />}
        <Views filters={filters} open={id} />
        <FilterBar
          filters={filters}
          onChange={change}
          onClear={clear}
          searchInput={searchInput}
          contact={ofContact && contactName(ofContact)}
        />
        {choice.on && <BulkBar choice={choice} filters={filters} />}
        <List
          state={state}
          scroller={scroller}
          selected={id}
          linkTo={linkTo}
          filtered={countFilters(filters) > 0}
          choice={choice}
          onClear={clear}
        />
      </section>
      {id !== '' && <Detail key={id} id={id} onClose={close} />}
    </div>
  );
}
