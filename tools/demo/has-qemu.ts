import { findQemu } from '../../packages/server/src/providers/local/guest/programs.ts';

export async function hasQemu(): Promise<boolean> {
  try {
    await findQemu();
    return true;
  } catch {
    return false;
  }
}
