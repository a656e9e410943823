/**
 * The shape of points in the vector store: what their payload says and how their sparse vectors are made. Stores keep points of one shape apart from those
 * of another, and the worker writes again what an older one made.
 */
export const POINTS_VERSION = 2
