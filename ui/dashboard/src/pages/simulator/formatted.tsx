import { Fragment, type ReactNode } from 'react';

// WhatsApp's own marks: *bold*, _italic_ and ~struck~, around words.
const marks = /(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])/;

/** A text as WhatsApp shows it. */
export function formatted(content: string): ReactNode {
  const found = marks.exec(content);
  if (!found) return content;
  const [whole, mark, inner = ''] = found;
  const before = content.slice(0, found.index);
  const after = content.slice(found.index + whole.length);
  const Tag = mark === '*' ? 'strong' : mark === '_' ? 'em' : 's';
  return (
    <Fragment>
      {before}
      <Tag>{formatted(inner)}</Tag>
      {formatted(after)}
    </Fragment>
  );
}
