import { PageHeader } from '@/parts/PageHeader';
import { text } from '@/text/en';

export default function SettingsPage() {
  return <PageHeader title={text.settings.title} />;
}
