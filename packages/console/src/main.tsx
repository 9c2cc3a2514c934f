import 'tdesign-react/es/_util/react-19-adapter';
import 'tdesign-react/es/style/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { makeRouter } from './app/routes.tsx';
import { startTheme } from './app/theme.ts';
import { makeQueries } from './service/queries.ts';
import { startWords } from './words/words.ts';
import './style/style.css';

startTheme();
await startWords();

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={makeQueries()}>
      <RouterProvider router={makeRouter()} />
    </QueryClientProvider>
  </StrictMode>,
);
