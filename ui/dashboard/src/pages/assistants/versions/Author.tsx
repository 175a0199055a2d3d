import { useMe } from '@/auth/useMe';
import { text } from '@/text/en';

interface Props {
  author: { id: string; name: string } | null;
  /** The id of who it was, '' for Parley itself. */
  by?: string;
}

/** Who saved a version. */
export function Author({ author, by }: Props) {
  const me = useMe().data;
  if (!author) return by === '' ? null : <>{text.workshop.compare.savedBy(text.workshop.compare.nobody)}</>;
  return (
    <>
      {author.id === me?.member?.id ? `· ${text.assistants.versions.you}` : text.workshop.compare.savedBy(author.name)}
    </>
  );
}
