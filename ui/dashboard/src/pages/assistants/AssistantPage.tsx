import { useParams } from 'react-router';
import { useCan } from '@/auth/useMe';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { AssistantEditor } from './AssistantEditor';
import { useAssistant } from './queries';

/** One assistant: everything that it is made of, with the Test Chat beside it. */
export function AssistantPage() {
  const { id = '' } = useParams();
  const mayWrite = useCan('assistants:write');
  const assistant = useAssistant(id);
  if (assistant.data) return <AssistantEditor key={id} assistant={assistant.data} readOnly={!mayWrite} />;
  if (assistant.error) return <ErrorState error={assistant.error} onRetry={() => void assistant.refetch()} />;
  return <PageLoading />;
}
