import { foldCase } from '../base/fold-case.ts';

/** For `like … escape '!'`. What is typed is looked for as it is: `%` and `_` mean themselves. */
export function patternOf(text: string): string {
  return `%${foldCase(text).replaceAll(/[!%_]/g, '!$&')}%`;
}
