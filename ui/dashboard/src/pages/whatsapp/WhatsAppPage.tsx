import { Route, Routes } from 'react-router';
import { ConnectPage } from './connect/ConnectPage';
import { SenderList } from './SenderList';
import { SenderPage } from './SenderPage';

/** WhatsApp's numbers: all of them, one, or a new one. */
export default function WhatsAppPage() {
  return (
    <Routes>
      <Route index element={<SenderList />} />
      <Route path="new" element={<ConnectPage />} />
      <Route path=":id/:tab?/:item?" element={<SenderPage />} />
    </Routes>
  );
}
