// Empties ui/dist but for .gitkeep, which lets the Go code compile unbuilt,
// and the widget, which has a build of its own.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
for (const name of readdirSync(dist)) {
  if (name !== '.gitkeep' && name !== 'widget') rmSync(dist + name, { recursive: true });
}
