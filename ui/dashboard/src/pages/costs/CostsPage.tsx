import { Skeleton } from '@mantine/core';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';
import { AnalyticsFilters } from '../analytics/AnalyticsFilters';
import analytics from '../analytics/AnalyticsPage.module.css';
import { Counting } from '../analytics/Counting';
import { Sections } from '../analytics/Sections';
import { SeriesCard } from '../analytics/SeriesCard';
import { Tiles } from '../analytics/Tiles';
import { useSummary } from '../analytics/queries';
import { usePage } from '../analytics/usePage';
import { Alerts } from '@/pages/alerts/Alerts';
import { AssistantCosts, CallCosts, ModelCosts } from './CostBars';
import { BudgetsCard } from './BudgetsCard';
import { DearestCard } from './DearestCard';
import { UnpricedCard } from './UnpricedCard';

const t = text.costs;
const tiles = text.analytics.tiles;
const totals = [
  tiles.credits,
  tiles.creditsPerConversation,
  tiles.creditsPerResolved,
  tiles.tokens,
  tiles.conversations,
];
const measures = ['credits', 'credits_per_conversation', 'tokens'] as const;

/** What conversations cost, who may spend how much, and what has no price. */
export default function CostsPage() {
  const { filters, period, query, search, change, setPeriod, clear } = usePage();
  const summary = useSummary(query);
  const zone = summary.data?.period.time_zone ?? '';
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        actions={<Sections current="/analytics/costs" search={search} />}
        note={zone && t.note(zone)}
      />
      <Alerts about="money" here />
      <BudgetsCard />
      <div className={analytics.filters}>
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
        <ErrorState error={summary.error} title={text.analytics.failed} onRetry={() => void summary.refetch()} />
      ) : !summary.data ? (
        <div aria-busy>
          <Skeleton height={110} radius="lg" mb="lg" />
          <Skeleton height={300} radius="lg" />
        </div>
      ) : (
        <>
          <Counting progress={summary.data.period.progress} capped={summary.data.period.capped} />
          <Tiles summary={summary.data} only={totals} />
          <UnpricedCard query={query} />
          <SeriesCard query={query} title={t.overTime} only={measures} />
          <div className={analytics.pair}>
            <div className={analytics.column}>
              <AssistantCosts query={query} />
              <CallCosts query={query} />
            </div>
            <ModelCosts query={query} />
          </div>
          <DearestCard list={summary.data.period.list} />
        </>
      )}
    </PageBody>
  );
}
