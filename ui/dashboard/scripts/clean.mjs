// Empties ui/dist but for .gitkeep, which lets the Go code compile unbuilt.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
for (const name of readdirSync(dist)) {
  if (name !== '.gitkeep') rmSync(dist + name, { recursive: true });
}
