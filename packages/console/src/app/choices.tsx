import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../words/languages.ts';
import { chooseLanguage } from '../words/words.ts';
import { chooseTheme, type Theme, THEMES, useTheme } from './theme.ts';

/** Language and appearance: kept in this browser. */
export function Choices() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <div className="row choices">
      <select
        className="input slim"
        aria-label={t('language')}
        value={i18n.language}
        onChange={(event) => void chooseLanguage(event.target.value as Language)}
      >
        {LANGUAGES.map((language) => (
          <option key={language} value={language} lang={language}>
            {LANGUAGE_NAMES[language]}
          </option>
        ))}
      </select>
      <select
        className="input slim"
        aria-label={t('theme.label')}
        value={theme}
        onChange={(event) => chooseTheme(event.target.value as Theme)}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
