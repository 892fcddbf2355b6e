namespace SegmentPush.Sandbox.People;

/// <summary>A field of people.</summary>
internal sealed record Field(string Name, string DisplayName, string DataType, int? Length = null, bool Updateable = true, bool Searchable = false)
{
    private static readonly HashSet<string> s_companyFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "company", "site", "mainPhone", "industry", "sicCode", "numberOfEmployees", "annualRevenue", "billingStreet",
        "billingCity", "billingState", "billingCountry", "billingPostalCode", "website",
    };

    private static readonly string[] s_texts =
    [
        "firstName", "middleName", "lastName", "salutation", "title", "company", "address", "city", "state", "postalCode",
        "country", "department", "industry", "sicCode", "site", "mainPhone", "billingStreet", "billingCity", "billingState",
        "billingCountry", "billingPostalCode", "leadSource", "leadStatus", "personType", "rating", "facebookId", "twitterId",
        "linkedInId", "sfdcLeadId", "sfdcContactId", "segmentName", "preferredLanguage",
    ];

    /// <summary>All fields of the instance, by REST API name.</summary>
    public static readonly IReadOnlyDictionary<string, Field> All = Make().ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    public bool IsCompanyField => s_companyFields.Contains(Name);

    private static IEnumerable<Field> Make() =>
    [
        new("id", "Id", "integer", null, Updateable: false, Searchable: true),
        new("email", "Email Address", "email", 255, Searchable: true),
        new("createdAt", "Created At", "datetime", null, Updateable: false),
        new("updatedAt", "Updated At", "datetime", null, Updateable: false),
        new("leadPartitionId", "Lead Partition Id", "integer", null, Updateable: false, Searchable: true),
        new("crmId", "CRM Id", "string", 50, Searchable: true),
        new("ecid", "Experience Cloud ID", "string", 38, Searchable: true),
        new("customerNumber", "Customer Number", "integer", null, Searchable: true),
        new("leadScore", "Lead Score", "score"),
        new("personScoreUpdated", "Score Updated", "datetime"),
        new("unsubscribed", "Unsubscribed", "boolean"),
        new("dateOfBirth", "Date of Birth", "date"),
        new("lifetimeValue", "Lifetime Value", "currency"),
        new("engagement", "Engagement", "percent"),
        new("weight", "Weight", "float"),
        new("notes", "Notes", "text", 30_000),
        new("phone", "Phone Number", "phone", 255),
        new("mobilePhone", "Mobile Phone Number", "phone", 255),
        new("fax", "Fax Number", "phone", 255),
        new("numberOfEmployees", "Num Employees", "integer"),
        new("annualRevenue", "Annual Revenue", "currency"),
        new("website", "Website", "url", 255),
        .. s_texts.Select(name => new Field(name, string.Concat(char.ToUpperInvariant(name[0]), name[1..]), "string", 255)),
    ];
}
