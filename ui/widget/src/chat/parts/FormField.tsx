import type { Field } from '../../protocol';
import type { Wrong } from '../core/form';
import type { Text } from './use';

type FieldProps = {
  field: Field;
  value: string | boolean;
  wrong?: Wrong;
  t: Text;
  onChange: (value: string | boolean) => void;
};

const kinds: Partial<Record<Field['type'], 'email' | 'tel'>> = { email: 'email', phone: 'tel' };

/** A field of a form, with its label and what is wrong with it. */
export function FormField({ field: f, value, wrong, t, onChange }: FieldProps) {
  const error =
    wrong && ('text' in wrong ? wrong.text : t(wrong.key, { count: wrong.count ?? f.max_length }) || wrong.key);
  const common = {
    id: `field-${f.name}`,
    name: f.name,
    'aria-required': f.required,
    'aria-invalid': !!error,
    'aria-describedby': error ? `error-${f.name}` : undefined,
  };
  const label = (
    <label for={common.id}>
      {f.consent || f.label}
      {!f.required && f.type !== 'checkbox' && <span class="muted"> ({t('optional')})</span>}
    </label>
  );
  const typed = (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value);

  const input = () => {
    if (f.type === 'long_text') {
      return <textarea {...common} rows={3} placeholder={f.placeholder} value={String(value)} onInput={typed} />;
    }
    if (f.type === 'dropdown') {
      return (
        <select {...common} value={String(value)} onChange={typed}>
          <option value="">{f.placeholder || t('choose')}</option>
          {f.options.map((o) => (
            <option key={o.value} value={o.value}>
              {o.label}
            </option>
          ))}
        </select>
      );
    }
    return (
      <input
        {...common}
        type={(kinds[f.type] ?? 'text') as 'text'}
        inputMode={f.type === 'number' ? 'decimal' : undefined}
        autoComplete={kinds[f.type]}
        placeholder={f.placeholder}
        value={String(value)}
        onInput={typed}
      />
    );
  };

  return (
    <div class={`field ${f.type}`}>
      {f.type === 'checkbox' ? (
        <div class="check">
          <input {...common} type="checkbox" checked={!!value} onChange={(e) => onChange(e.currentTarget.checked)} />
          {label}
        </div>
      ) : (
        <>
          {label}
          {input()}
        </>
      )}
      {error && (
        <p class="error" id={`error-${f.name}`}>
          {error}
        </p>
      )}
    </div>
  );
}
