import { text } from '@/text/en';
import classes from './Chart.module.css';

/** What the mark that is pointed at says, above a chart; without one, what can be done. */
export function Readout({ mark }: { mark: { label: string; text: string } | undefined }) {
  return (
    <p className={classes.readout}>
      {mark ? (
        <>
          {mark.label}: <strong>{mark.text}</strong>
        </>
      ) : (
        text.analytics.chart.hint
      )}
    </p>
  );
}
