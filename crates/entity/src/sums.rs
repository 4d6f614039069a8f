//! The counts and sums that all roll-ups keep, in one list.

/// A table of keys with the counts and sums behind them.
macro_rules! summed {
    ($(#[$meta:meta])* $table:literal { $($(#[$attribute:meta])* $name:ident: $type:tt $(<$inner:tt>)?,)+ }) => {
        $(#[$meta])*
        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = $table)]
        pub struct Model {
            $($(#[$attribute])* pub $name: $type $(<$inner>)?,)+
            /// Indicators with this status.
            pub n_exceeded: i64,
            /// Indicators with this status.
            pub n_achieved: i64,
            /// Indicators with this status.
            pub n_partially_achieved: i64,
            /// Indicators with this status.
            pub n_not_achieved: i64,
            /// Indicators with this status.
            pub n_in_progress: i64,
            /// Indicators with this status.
            pub n_not_reported: i64,
            /// Indicators with this status.
            pub n_not_applicable: i64,
            /// Indicators with this status.
            pub n_undetermined: i64,
            /// Sum of the scores there are, hundredths.
            pub score_sum: i64,
            /// Sum of the maximum scores of those, hundredths.
            pub max_score_sum: i64,
            /// Indicators with a rate.
            pub rate_count: i64,
            /// Sum of the billions of those rates, which are millionths.
            pub rate_high: i64,
            /// Sum of what is left of each.
            pub rate_low: i64,
            /// Declarations.
            pub declarations: i64,
            /// Declarations whose annual budget and execution are both known.
            pub execution_count: i64,
            /// Sum of the billions of those budgets, 分.
            pub budget_high: i64,
            /// Sum of what is left of each.
            pub budget_low: i64,
            /// Sum of the billions of what they executed, 分.
            pub executed_high: i64,
            /// Sum of what is left of each.
            pub executed_low: i64,
            /// Reports submitted by the due day.
            pub filed_on_time: i64,
            /// Reports submitted after it.
            pub filed_late: i64,
            /// Reports submitted where no window was set.
            pub filed_undated: i64,
            /// Reports never submitted.
            pub not_filed: i64,
        }

        impl ActiveModelBehavior for ActiveModel {}
    };
}
