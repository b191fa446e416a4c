//! R-PIN-1 to R-PIN-4 and R-PIN-6.
