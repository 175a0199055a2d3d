import { Route, Routes } from 'react-router';
import { SenderList } from './SenderList';
import { SenderPage } from './SenderPage';

/** WhatsApp's numbers: all of them, or one. */
export default function WhatsAppPage() {
  return (
    <Routes>
      <Route index element={<SenderList />} />
      <Route path=":id/:tab?" element={<SenderPage />} />
    </Routes>
  );
}
