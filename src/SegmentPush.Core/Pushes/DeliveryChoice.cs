namespace SegmentPush.Pushes;

/// <summary>Which delivery suits a push, and why.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Reason">A sentence for the plan.</param>
internal sealed record DeliveryChoice(Delivery Delivery, MessageText Reason)
{
    /// <summary>The greatest number of people that goes by sync calls, where the user leaves the choice open.</summary>
    public static int SyncUpTo(PushOptions options, PushTarget target)
    {
        // Imports take company fields, which sync calls don't promise to.
        bool hasCompany = target.ImportsByIdentity && target.Mapping.AttributeFields.Any(field => field.IsCompanyField);

        // A destination is pushed day by day, and takes people off besides: there calls count for more than who was created.
        return options.Destination is not null ? options.Bulk.SyncUpTo / 4 : hasCompany ? options.Bulk.SyncUpTo / 2 : options.Bulk.SyncUpTo;
    }

    /// <summary>Chooses for a number of people.</summary>
    public static DeliveryChoice For(PushOptions options, PushTarget target, long people)
    {
        if (options.Delivery != Delivery.Auto) return new DeliveryChoice(options.Delivery, "It was asked for.");
        int most = SyncUpTo(options, target);
        return people <= most
            ? new DeliveryChoice(Delivery.Sync, $"Up to {Counted.People(most)}, sync calls are quick, and tell who was created.")
            : new DeliveryChoice(Delivery.Bulk, $"For more than {Counted.People(most)}, import files cost fewer calls and less time.");
    }
}
