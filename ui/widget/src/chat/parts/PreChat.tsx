import { useRef, useState } from 'preact/hooks';
import type { Field } from '../../protocol';
import { Problem } from '../core/api';
import { type Wrong, check, values } from '../core/form';
import { FormField } from './FormField';
import type { Props } from './props';

/** The form before the chat. */
export function PreChat({ visit, config, t }: Props) {
  const fields = config.form?.fields ?? [];
  const [raw, setRaw] = useState<Record<string, string | boolean>>(() => prefilled(fields, visit.host.variables));
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const show = (errors: Record<string, Wrong>) => {
    setWrong(errors);
    const first = fields.find((f) => errors[f.name]);
    if (first) (form.current?.elements.namedItem(first.name) as HTMLElement | null)?.focus();
  };

  const submit = async (e: Event) => {
    e.preventDefault();
    const errors: Record<string, Wrong> = {};
    for (const f of fields) {
      const found = check(f, raw[f.name] ?? '');
      if (found) errors[f.name] = found;
    }
    show(errors);
    if (Object.keys(errors).length || busy) return;
    setBusy(true);
    setFailed('');
    try {
      const consents = Object.fromEntries(
        fields.filter((f) => f.consent && raw[f.name]).map((f) => [f.name, f.consent]),
      );
      await visit.start(values(fields, raw), consents);
    } catch (error) {
      const p = error as Problem;
      const told = Object.fromEntries(
        (p.errors ?? [])
          .filter((e) => /^(values|consents)\./.test(e.path))
          .map((e) => [e.path.replace(/^\w+\./, ''), { key: e.message }]),
      );
      show(told);
      if (p.what === 'hours') visit.set({ view: 'leave' });
      if (!Object.keys(told).length) {
        setFailed(
          p.after
            ? t('error_rate', { count: p.after })
            : t(p.code === 'network' ? 'error_connection' : 'error_unavailable'),
        );
      }
    }
    setBusy(false);
  };

  const count = Object.keys(wrong).length;
  return (
    <main class="scroll">
      <form ref={form} noValidate onSubmit={(e) => void submit(e)} aria-labelledby="form-title">
        <h3 id="form-title">{t('form_title')}</h3>
        <p class="error" role="alert">
          {failed || (count > 1 && t('form_errors', { count }))}
        </p>
        {fields.map((f) => (
          <FormField
            key={f.name}
            field={f}
            t={t}
            value={raw[f.name] ?? ''}
            wrong={wrong[f.name]}
            onChange={(v) => setRaw((all) => ({ ...all, [f.name]: v }))}
          />
        ))}
        <button class="primary" type="submit" aria-disabled={busy}>
          {t('form_button')}
        </button>
      </form>
    </main>
  );
}

function prefilled(fields: Field[], variables: Record<string, unknown>): Record<string, string | boolean> {
  const out: Record<string, string | boolean> = {};
  for (const f of fields) {
    const v = variables[f.name];
    if (f.type === 'checkbox') out[f.name] = !f.consent && v === true;
    else if (v !== undefined) out[f.name] = String(v);
  }
  return out;
}
