import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { session } from './api/session';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without signing in. */
    open?: boolean;
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: () => import('./pages/overview/OverviewPage.vue') },
  { path: '/sign-in', name: 'sign-in', meta: { open: true }, component: () => import('./pages/SignInPage.vue') },
  { path: '/declarations', name: 'declarations', component: () => import('./pages/declaration/DeclarationListPage.vue') },
  { path: '/declarations/:department/:year(\\d{4})', name: 'declaration', props: true, component: () => import('./pages/declaration/DeclarationPage.vue') },
  { path: '/indicators', name: 'indicators', component: () => import('./pages/audit/IndicatorListPage.vue') },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/sheet/TasksPage.vue') },
  { path: '/reports/:declaration/:period', name: 'report', props: true, component: () => import('./pages/sheet/ReportPage.vue') },
  { path: '/review', name: 'review', component: () => import('./pages/review/ReviewQueuePage.vue') },
  { path: '/review/:declaration/:period', name: 'review-report', props: true, component: () => import('./pages/review/ReportReviewPage.vue') },
  { path: '/audit/:desk?', name: 'audit', props: true, component: () => import('./pages/audit/AuditDeskPage.vue') },
  { path: '/admin/:part?', name: 'admin', props: true, component: () => import('./pages/admin/AdminPage.vue') },
  { path: '/public', name: 'public', meta: { open: true }, component: () => import('./pages/open/PublicListPage.vue') },
  { path: '/public/:department/:year(\\d{4})/:kind', name: 'publication', meta: { open: true }, props: true, component: () => import('./pages/open/PublicationPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', meta: { open: true }, component: () => import('./pages/NotFoundPage.vue') },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach((to) => {
  if (to.meta.open || session.signedIn) return true;
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
});
