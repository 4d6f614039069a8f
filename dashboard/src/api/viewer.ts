import { MeDocument } from '@/generated/graphql';
import { ask } from './client';
import { forgetTokens, session } from './session';

/** Learns who is signed in, once for each session. A token that the service no longer knows ends it. */
export async function loadViewer(): Promise<void> {
  if (session.viewer) return;
  try {
    const { viewer } = await ask(MeDocument, {});
    if (viewer) session.viewer = viewer;
    else forgetTokens();
  } catch {
    // The page itself says that the service cannot be reached.
  }
}
