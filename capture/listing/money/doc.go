// Package money reads sums of money as shops write them: any grouping and
// decimal mark, any digits, the currency before, behind or between. It knows
// nothing of pages; which country a page speaks to is told it as a region.
package money
