namespace SegmentPush.Mappings;

/// <summary>A field of people in the instance, as far as a mapping has to know it.</summary>
/// <param name="Name">REST API name.</param>
/// <param name="DataType">Marketo's name of its type, such as <c>string</c> or <c>datetime</c>.</param>
/// <param name="Length">Greatest length of a value in characters; null where there is none.</param>
/// <param name="Updateable">Whether the API may write it.</param>
/// <param name="Searchable">Whether people can be looked up by it.</param>
internal sealed record TargetField(string Name, string DataType, int? Length, bool Updateable, bool Searchable)
{
    // Sync Leads does not promise to write the fields of a person's company.
    private static readonly HashSet<string> s_companyFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "company", "site", "website", "mainPhone", "industry", "sicCode", "numberOfEmployees", "annualRevenue",
        "billingStreet", "billingCity", "billingState", "billingCountry", "billingPostalCode", "companyNotes",
    };

    /// <summary>Whether it belongs to the person's company rather than to the person.</summary>
    public bool IsCompanyField => IsOfCompany(Name);

    /// <summary>Whether a field belongs to the person's company, by its REST API name.</summary>
    public static bool IsOfCompany(string name) => s_companyFields.Contains(name);

    /// <summary>The form of its values on the wire.</summary>
    public ValueForm Form => DataType.ToUpperInvariant() switch
    {
        "EMAIL" => ValueForm.Email,
        "PHONE" => ValueForm.Phone,
        "DATE" => ValueForm.Date,
        "DATETIME" => ValueForm.DateTime,
        "INTEGER" or "SCORE" => ValueForm.Integer,
        "FLOAT" or "CURRENCY" or "PERCENT" => ValueForm.Number,
        "BOOLEAN" => ValueForm.Boolean,
        "TEXT" => ValueForm.LongText,
        _ => ValueForm.Text,
    };
}
