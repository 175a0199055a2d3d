import { Route, Routes } from 'react-router';
import { WidgetList } from './WidgetList';
import { WidgetPage } from './WidgetPage';

/** The list of widgets, and one widget with its settings. */
export default function WidgetsPage() {
  return (
    <Routes>
      <Route index element={<WidgetList />} />
      <Route path=":id/:tab?" element={<WidgetPage />} />
    </Routes>
  );
}
