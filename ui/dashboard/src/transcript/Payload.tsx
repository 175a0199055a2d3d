import { IconAddressBook, IconMapPin, IconShoppingBag, IconTemplate } from '@tabler/icons-react';
import type { Message } from '@/api/types';
import { text } from '@/text/en';
import classes from './Payload.module.css';
import { cardsOf, orderOf, placeOf } from './payload';

const t = text.conversations.message;

/** What a message is besides its words: a place, cards, an order, a template, or something that is not known. */
export function Payload({ message: m }: { message: Message }) {
  if (m.deleted_at) return null;
  switch (m.type) {
    case 'location':
      return <Location message={m} />;
    case 'contacts':
      return <Cards message={m} />;
    case 'order':
      return <Order message={m} />;
    case 'template':
      return (
        <p className={classes.kind}>
          <IconTemplate size={14} stroke={1.8} aria-hidden /> {t.template}
        </p>
      );
    case 'unsupported':
      return m.payload ? (
        <details className={classes.raw}>
          <summary>{t.raw}</summary>
          <pre>{JSON.stringify(m.payload, null, 2)}</pre>
        </details>
      ) : null;
    default:
      return null;
  }
}

function Location({ message }: { message: Message }) {
  const place = placeOf(message);
  if (!place) return null;
  const at = `${place.latitude},${place.longitude}`;
  return (
    <a
      className={classes.card}
      href={`https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=16/${at.replace(',', '/')}`}
      target="_blank"
      rel="noreferrer"
    >
      <IconMapPin size={18} stroke={1.7} aria-hidden />
      <span>
        <strong>{place.name || at}</strong>
        {place.address && <span>{place.address}</span>}
        <span>{t.map}</span>
      </span>
    </a>
  );
}

function Cards({ message }: { message: Message }) {
  return cardsOf(message).map((card, i) => (
    // Cards have no id, and their order does not change.
    <div key={i} className={classes.card}>
      <IconAddressBook size={18} stroke={1.7} aria-hidden />
      <span>
        <strong>{card.name || t.cardNoName}</strong>
        {card.lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </span>
    </div>
  ));
}

function Order({ message }: { message: Message }) {
  const lines = orderOf(message);
  if (lines.length === 0) return null;
  const currency = lines[0]?.currency ?? '';
  const total = lines.reduce((sum, l) => sum + l.quantity * l.price, 0);
  return (
    <div className={classes.card}>
      <IconShoppingBag size={18} stroke={1.7} aria-hidden />
      <table className={`${classes.order} tabular`}>
        <caption>{t.order}</caption>
        <tbody>
          {lines.map((l) => (
            <tr key={l.product}>
              <td>{l.quantity} ×</td>
              <td>{l.product}</td>
              <td>
                {(l.quantity * l.price).toFixed(2)} {l.currency}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <th scope="row">{t.orderTotal}</th>
            <td>
              {total.toFixed(2)} {currency}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
