import { Route, Routes } from 'react-router';
import { AssistantList } from './AssistantList';
import { AssistantPage } from './AssistantPage';

/** The list of assistants, and one assistant with its tabs. */
export default function AssistantsPage() {
  return (
    <Routes>
      <Route index element={<AssistantList />} />
      <Route path=":id/:tab?" element={<AssistantPage />} />
    </Routes>
  );
}
