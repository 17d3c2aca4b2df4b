import { config } from 'zod';

// Imported before any contract file: the content policy forbids `new Function`, and even the schema library's probe
// for it would be reported as a violation.
config({ jitless: true });
