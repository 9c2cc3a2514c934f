import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const CHOICE = 'diskferry.theme';
const wishesDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(CHOICE);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(CHOICE, theme);
  apply();
  for (const tell of listeners) tell();
}

/** Before anything is drawn, and whenever the system changes between day and night. */
export function startTheme(): void {
  apply();
  wishesDark.addEventListener('change', apply);
}

function apply(): void {
  const theme = chosenTheme();
  const isDark = theme === 'dark' || (theme === 'system' && wishesDark.matches);
  document.documentElement.setAttribute('theme-mode', isDark ? 'dark' : 'light');
}

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, chosenTheme);
}
