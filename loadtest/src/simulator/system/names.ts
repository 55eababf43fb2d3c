/** Invented names. None comes from a known demo system. */

export const gateways = ['edge-gateway', 'web-frontend', 'mobile-bff'];

export const nouns = [
  'orders',
  'catalog',
  'basket',
  'accounts',
  'search',
  'pricing',
  'inventory',
  'reviews',
  'loyalty',
  'delivery',
  'payments',
  'ledger',
  'tax',
  'vouchers',
  'warehouse',
  'invoices',
  'profiles',
  'sessions',
  'media',
  'suggest',
  'fraud',
  'shipping',
  'returns',
  'wishlist',
  'support',
  'promotions',
  'stock',
  'quotes',
  'geo',
  'currency',
  'contracts',
  'billing',
  'audit',
  'consent',
  'identity',
  'messages',
  'schedules',
  'routes',
  'slots',
  'labels',
  'refunds',
  'gifts',
  'bundles',
  'ratings',
  'feeds',
  'imports',
  'exports',
  'partners',
  'prices',
  'regions',
];

export const workers = ['mailer', 'indexer', 'reporter', 'notifier', 'reconciler', 'thumbnailer'];
export const teams = ['checkout', 'discovery', 'fulfilment', 'identity', 'platform', 'growth'];
export const engines = ['postgresql', 'mysql', 'mongodb'];

export const partners = [
  'api.cardrail.example',
  'geo.mapkit.example',
  'rates.fxdesk.example',
  'sms.pingline.example',
  'tax.levy.example',
];

export const verbs = ['Get', 'List', 'Place', 'Update', 'Check'];

export const lines = [
  'served # items in # ms',
  'handled request # for user #',
  'loaded page # of #',
  'applied rule # to cart #',
  'cache lookup # hit',
  'resolved item #',
  'wrote record #',
  'validated # fields',
];
