import { Input } from '@mantine/core';
import { type FocusEventHandler, type ReactNode, useId } from 'react';
import { segments } from '../placeholders';
import classes from './PlaceholderField.module.css';

interface Props {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  onFocus?: FocusEventHandler<HTMLTextAreaElement>;
  known: ReadonlySet<string>;
  minRows: number;
  readOnly?: boolean;
  /** Stands below the text, at its right. */
  foot?: ReactNode;
}

/**
 * A text in which placeholders are marked, those that nothing fills in another
 * colour. A mirror of the text lies behind the field: it gives the field its
 * height and the marks their place.
 */
export function PlaceholderField(props: Props) {
  const id = useId();
  const { label, description, error, value, known, minRows } = props;
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      error={error}
      descriptionProps={{ id: `${id}-description` }}
      errorProps={{ id: `${id}-error` }}
    >
      <div
        className={classes.field}
        data-error={Boolean(error)}
        data-readonly={props.readOnly}
        style={{ minHeight: `calc(${minRows} * 1.6em + 22px)` }}
      >
        <div className={classes.mirror} aria-hidden>
          {segments(value, known).map((part, i) => (
            <span key={i} className={classes[part.kind]}>
              {part.text}
            </span>
          ))}
          {'\u200b'}
        </div>
        <textarea
          id={id}
          className={classes.input}
          value={value}
          placeholder={props.placeholder}
          readOnly={props.readOnly}
          spellCheck
          aria-invalid={error ? true : undefined}
          aria-describedby={
            [description && `${id}-description`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
          }
          onChange={(event) => props.onChange(event.currentTarget.value)}
          onFocus={props.onFocus}
        />
      </div>
      {props.foot && <div className={classes.foot}>{props.foot}</div>}
    </Input.Wrapper>
  );
}
