import type zh from '../zh';
import { admin } from './admin';
import { audit } from './audit';
import { common } from './common';
import { declaration } from './declaration';
import { overview } from './overview';
import { open } from './open';
import { review } from './review';
import { sheet } from './sheet';

// The type is that of the Chinese: a string missing in either language does not compile.
type Texts<T> = { [Key in keyof T]: T[Key] extends string ? string : Texts<T[Key]> };
const en: Texts<typeof zh> = { ...common, overview, declaration, sheet, review, audit, admin, open };
export default en;
