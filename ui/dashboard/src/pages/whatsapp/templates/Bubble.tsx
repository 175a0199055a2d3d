import type { TemplatePreview } from '@/api/types';
import classes from './Bubble.module.css';
import { shapeOf } from './fill';

interface Props {
  label: string;
  /** The template as it is written. */
  components: unknown;
  /** The same with its values; without it the variables stay in braces. */
  preview?: TemplatePreview;
}

/** A template as it will look on the phone. */
export function Bubble({ label, components, preview }: Props) {
  const shown = preview ?? shapeOf(components);
  return (
    <figure className={classes.wall} aria-label={label}>
      <div className={classes.bubble}>
        {shown.header && <strong>{shown.header}</strong>}
        <p>{shown.body}</p>
        {shown.footer && <small>{shown.footer}</small>}
      </div>
      {shown.buttons.map((b, i) => (
        <div key={`${i} ${b}`} className={classes.button}>
          {b}
        </div>
      ))}
    </figure>
  );
}
