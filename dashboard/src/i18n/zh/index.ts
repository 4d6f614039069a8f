import { admin } from './admin';
import { audit } from './audit';
import { common } from './common';
import { declaration } from './declaration';
import { overview } from './overview';
import { open } from './open';
import { review } from './review';
import { sheet } from './sheet';

export default { ...common, overview, declaration, sheet, review, audit, admin, open };
