namespace SegmentPush.Marketo;

/// <summary>One value alone matches more people than Marketo's lookup can answer (1,000).</summary>
public sealed class TooManyMatchesException : MarketoException
{
    internal TooManyMatchesException(string call, string field, string value, MarketoException cause)
        : base(
            ErrorClasses.Of("TooManyMatches"),
            call,
            $"{call}: more than 1,000 people in Marketo have the same value in the field '{field}'.",
            cause.Facts,
            cause)
    {
        Value = value;
    }

    /// <summary>The value; it is a person's data and therefore not part of the message.</summary>
    internal string Value { get; }
}
