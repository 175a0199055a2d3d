import type { WidgetDraft } from './useWidgetDraft';

/** What every tab of a widget gets. */
export interface TabProps {
  draft: WidgetDraft;
  /** The language that texts are shown and edited in. */
  language: string;
  onLanguage: (language: string) => void;
}

/** The languages that a widget has texts in, with those that come with Parley. */
export function languagesOf(draft: WidgetDraft): string[] {
  const own = Object.keys(draft.settings.texts ?? {});
  return [...new Set([draft.settings.language, ...own, ...shipped])].sort();
}

const shipped = ['ar', 'de', 'en', 'es', 'fr', 'hi', 'pt', 'zh'];

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** What a language is called: "German" for de. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
