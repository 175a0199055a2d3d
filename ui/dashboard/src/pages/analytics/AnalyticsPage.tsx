import { Button, Skeleton } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { countFilters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { AnalyticsFilters } from './AnalyticsFilters';
import classes from './AnalyticsPage.module.css';
import { BreakdownCard } from './BreakdownCard';
import { CompareCard } from './CompareCard';
import { Counting } from './Counting';
import { HoursCard } from './HoursCard';
import { RatingsCard } from './RatingsCard';
import { Sections } from './Sections';
import { SeriesCard } from './SeriesCard';
import { Tiles } from './Tiles';
import { WaitsCard } from './WaitsCard';
import { WorksCard } from './WorksCard';
import { dateBefore, dateIn } from './format';
import { useAny, useSummary } from './queries';
import { usePage } from './usePage';

const t = text.analytics;

/** What the conversations say, in numbers that open the conversations behind them. */
export default function AnalyticsPage() {
  const { filters, period, query, search, change, setPeriod, clear } = usePage();
  const summary = useSummary(query);
  const zone = summary.data?.period.time_zone ?? '';
  const before = summary.data?.period_before;
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        actions={<Sections current="/analytics" search={search} />}
        note={
          <>
            {zone && t.note(zone)}{' '}
            {before && t.period.before(dateIn(before.started_from, zone), dateBefore(before.started_to, zone))}
          </>
        }
      />
      <div className={classes.filters}>
        <AnalyticsFilters
          filters={filters}
          period={period}
          zone={zone}
          onChange={change}
          onPeriod={setPeriod}
          onClear={clear}
        />
      </div>
      {summary.isError ? (
        <ErrorState error={summary.error} title={t.failed} onRetry={() => void summary.refetch()} />
      ) : !summary.data ? (
        <div aria-busy>
          <Skeleton height={190} radius="lg" mb="lg" />
          <Skeleton height={300} radius="lg" />
        </div>
      ) : (
        <>
          <Counting progress={summary.data.period.progress} capped={summary.data.period.capped} />
          {summary.data.now.conversations === 0 && summary.data.period.progress === 1 ? (
            <Nothing
              filtered={countFilters(filters) > 0}
              everything={period.range === 'all'}
              onClear={clear}
              onEverything={() => setPeriod({ range: 'all', from: '', to: '' })}
            />
          ) : (
            <>
              <Tiles summary={summary.data} />
              <SeriesCard query={query} />
              <div className={classes.pair}>
                <div className={classes.column}>
                  <BreakdownCard query={query} />
                  <RatingsCard query={query} />
                </div>
                <WaitsCard summary={summary.data} />
              </div>
              <HoursCard summary={summary.data} />
              <CompareCard query={query} />
              <WorksCard query={query} />
            </>
          )}
        </>
      )}
    </PageBody>
  );
}

interface NothingProps {
  filtered: boolean;
  everything: boolean;
  onClear: () => void;
  onEverything: () => void;
}

function Nothing({ filtered, everything, onClear, onEverything }: NothingProps) {
  const any = useAny(!filtered && !everything);
  if (any.isLoading) return null;
  if (!filtered && (everything || any.data === false)) {
    return (
      <EmptyState
        icon={IconChartBar}
        title={t.empty.title}
        actions={
          <Button component={Link} to="/assistants">
            {t.empty.open}
          </Button>
        }
      >
        {t.empty.body}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconChartBar}
      title={filtered ? t.noMatch.title : t.noMatch.none}
      actions={
        <Button variant="default" onClick={filtered ? onClear : onEverything}>
          {filtered ? t.noMatch.clear : t.noMatch.everything}
        </Button>
      }
    >
      {filtered ? t.noMatch.body : t.noMatch.period}
    </EmptyState>
  );
}
