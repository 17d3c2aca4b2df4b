import { AppError } from '../../core/errors/app-error.ts';

export function routeNotFound(hint = 'All operations are listed at /api/docs.'): AppError {
  return new AppError('ROUTE_NOT_FOUND', 'There is nothing at this address.', { hint });
}
